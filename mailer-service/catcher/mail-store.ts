import type { Mail } from './mail'
import { matcher } from './search'

/** The last mails in memory, newest first. */
export class MailStore {
  private mails: Mail[] = []
  private readonly read = new Set<string>()

  constructor(private readonly limit: number) {}

  add(mail: Mail): void {
    this.mails.unshift(mail)
    for (const { ID } of this.mails.splice(this.limit)) this.read.delete(ID)
  }

  find(query = ''): Mail[] {
    return query.trim() === '' ? this.mails : this.mails.filter(matcher(query))
  }

  get(id: string): Mail | undefined {
    return id === 'latest' ? this.mails[0] : this.mails.find(({ ID }) => ID === id)
  }

  markRead = ({ ID }: Mail): unknown => this.read.add(ID)
  isRead = ({ ID }: Mail): boolean => this.read.has(ID)

  remove(ids?: string[]): void {
    this.mails = ids?.length ? this.mails.filter(({ ID }) => !ids.includes(ID)) : []
    for (const id of ids ?? [...this.read]) this.read.delete(id)
  }
}
