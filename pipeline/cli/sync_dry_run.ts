export async function dryRun(..._: unknown[]): Promise<void> {}
