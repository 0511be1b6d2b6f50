const CODE_OR_LINK = /^(```|~~~)[\s\S]*?^\1|`[^`\n]*`|\[([^\]\n]*)\]\(([^)\s]+)\)/gm

/** A Markdown page that leaves its project: links to the project's files become their words. */
export function withoutFileLinks(page: string): string {
  return page.replace(CODE_OR_LINK, (whole, _fence, words?: string, target?: string) => {
    const stays = target === undefined || target.startsWith('#') || /^[a-z][a-z0-9+.-]*:/i.test(target)
    return stays ? whole : words!
  })
}
