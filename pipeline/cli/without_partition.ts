/** A message in fewer words: many name the request and so the partition, which a line names already. */
export function withoutPartition({ message, partition }: { message: string | null; partition: string | null }): string {
  if (message === null) return ''
  if (partition === null || partition === '') return message
  return message.replaceAll(partition, '…').replaceAll(encodeURIComponent(partition), '…')
}
