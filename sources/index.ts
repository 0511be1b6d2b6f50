export { microsoftTeams } from './microsoft_teams/index.ts'
