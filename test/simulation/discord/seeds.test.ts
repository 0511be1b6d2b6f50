import { playSeeds } from '../play_seeds.ts'
import { discord } from './game.ts'

playSeeds(discord, 25, [[74, 'a walk that a later run ended claimed what its first pages had not shown']])
