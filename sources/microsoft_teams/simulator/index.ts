export type { SimClock } from '../../../libs/simulator/clock.ts'
export type { Fault, FaultPlan, FaultRule } from '../../../libs/simulator/fault_plan.ts'
export type * from './mutation_types.ts'
export type * from './types.ts'
