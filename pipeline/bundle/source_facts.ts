/** What the files beside the generated one are made from. */
export interface SourceFacts {
  /** `microsoft_teams`. */
  name: string
  displayName: string
  /** Of Parley. */
  version: string
}
