export { discord } from './discord/index.ts'
export { microsoftTeams } from './microsoft_teams/index.ts'
