import { playSeeds } from '../play_seeds.ts'
import { discord } from './game.ts'

playSeeds(discord, 25, [])
