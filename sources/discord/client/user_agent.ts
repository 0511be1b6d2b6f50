import packageJson from '../../../package.json' with { type: 'json' }

/** `DiscordBot (url, version)`: what begins otherwise may be blocked by Cloudflare (reference discord §1). */
export const USER_AGENT = `DiscordBot (${packageJson.name}, ${packageJson.version})`
