import type { Page } from 'playwright-core'

// what a page tells has come through all services first
const PATIENCE_MS = 60_000

/** Somebody at the console: finds things by what is to be read there, and nothing else, and is counted. */
export class Person {
  actions = 0
  readonly #cameAt = performance.now()

  constructor(readonly page: Page) {}

  /** How much it took so far, for people. */
  get effort(): string {
    return `${this.actions}-actions-${((performance.now() - this.#cameAt) / 1000).toFixed(1)}-s`
  }

  async open(url: string): Promise<void> {
    this.actions++
    await this.page.goto(url)
  }

  async write(label: string, text: string): Promise<void> {
    this.actions++
    await this.page.getByLabel(label, { exact: true }).fill(text)
  }

  async press(name: string | RegExp): Promise<void> {
    this.actions++
    await this.page.getByRole('button', { name, exact: true }).click()
  }

  async follow(name: string | RegExp): Promise<void> {
    this.actions++
    await this.page.getByRole('link', { name }).click()
  }

  async logIn(email = 'admin@shop.example', password = 'development-only-admin'): Promise<void> {
    await this.write('E-mail', email)
    await this.write('Password', password)
    await this.press('Log in')
  }

  async searchesFor({ id }: { readonly id: string }): Promise<void> {
    await this.write('Order id', id)
    await this.press('Search')
  }

  /** To look is no action. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor({ timeout: PATIENCE_MS })
  }
}
