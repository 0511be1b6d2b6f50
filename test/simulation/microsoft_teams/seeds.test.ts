import { playSeeds } from '../play_seeds.ts'
import { microsoftTeams } from './game.ts'

playSeeds(microsoftTeams, 50, [
  [981, 'a channel that went during a walk hid rows of its neighbour'],
  [849, 'a thread that left its place in a list without an order hid its neighbour from delta'],
])
