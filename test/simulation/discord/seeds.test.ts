import { playSeeds } from '../play_seeds.ts'
import { discord } from './game.ts'

playSeeds(discord, 25, [
  [74, 'a walk that a later run ended claimed what its first pages had not shown'],
  [412, 'a channel that an option names was listed as there and as refused at once'],
  [641, 'a server that was deleted between two lists stayed refused for ever'],
])
