import { discord } from './discord/game.ts'
import type { Game } from './game.ts'
import { microsoftTeams } from './microsoft_teams/game.ts'

/** The sources that the simulation plays, by name; the first is meant where none is named. */
export const GAMES: Readonly<Record<string, Game>> = { microsoft_teams: microsoftTeams, discord }
