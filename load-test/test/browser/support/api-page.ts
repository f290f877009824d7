import type { ServiceName } from '@order-saga/common'
import type { Page } from 'playwright-core'
import type { TestShop } from '../../support/test-shop'

export interface ShownAnswer {
  readonly status: number
  readonly body: string
}

/** A service's API page as somebody uses it who knows nothing but what stands there. */
export class ApiPage {
  private constructor(readonly page: Page) {}

  static async open(page: Page, shop: TestShop, service: ServiceName): Promise<ApiPage> {
    await page.goto(`${shop.url(service)}/docs`)
    await page.getByRole('heading', { name: service }).waitFor()
    return new ApiPage(page)
  }

  async authorize(token: string): Promise<void> {
    const { page } = this
    await page.getByRole('button', { name: 'Authorize', exact: true }).click()
    await page.getByRole('textbox').fill(token)
    await page.getByRole('button', { name: 'Apply credentials' }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
  }

  /** Unfolds what is described by this sentence. */
  async unfold(summary: string): Promise<void> {
    await this.page.getByText(summary, { exact: true }).first().click()
    await this.page.getByRole('button', { name: 'Execute' }).waitFor()
  }

  async fold(summary: string): Promise<void> {
    await this.page.getByText(summary, { exact: true }).first().click()
    await this.page.getByRole('button', { name: 'Execute' }).waitFor({ state: 'hidden' })
  }

  /** Puts in what stands for nobody's in the document, such as an id. */
  fill(parameter: string, value: string): Promise<void> {
    return this.page.getByPlaceholder(parameter).fill(value)
  }

  /** Sends what stands there, and reads the answer below. */
  async execute(): Promise<ShownAnswer> {
    await this.page.getByRole('button', { name: 'Execute' }).click()
    const answer = this.page.getByRole('heading', { name: 'Server response' }).locator('xpath=following-sibling::*[1]')
    const body = answer.getByRole('heading', { name: 'Response body' }).locator('xpath=following-sibling::*//code')
    const code = answer.getByRole('row').nth(1).getByRole('cell').first()
    return { body: (await body.textContent()) ?? '', status: Number.parseInt((await code.textContent()) ?? '', 10) }
  }

  /** All of it: what is filled in already is sent as it stands. */
  async run(summary: string): Promise<ShownAnswer> {
    await this.unfold(summary)
    const answer = await this.execute()
    await this.fold(summary)
    return answer
  }
}
