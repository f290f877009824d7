import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium as chromiumPath } from '@order-saga/scripts/infra'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { watch } from './watch'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// a busy machine lets a page wait
const PATIENCE_MS = 120_000

export interface TestBrowser {
  /** An empty page of somebody who was never here; what goes wrong on it fails the test. */
  newPage(): Promise<Page>
  /** What the test provokes: troubles that contain this text are none. */
  forgive(text: string): void
  /** A question for what is not known yet is answered so, until it is: no trouble. */
  forgiveUnknown(url: string): void
  /** A picture for people, where TEST_SCREENSHOTS names a folder. */
  picture(page: Page, name: string): Promise<void>
}

/**
 * One browser for the tests of a file or block. A test fails if a page logs an error, throws, gets no answer or one
 * that says no, or asks anybody but `hosts`, each a host with its port.
 */
export function useBrowser(hosts: () => readonly string[]): TestBrowser {
  let browser: Browser
  let contexts: BrowserContext[] = []
  let troubles: string[] = []
  let forgiven: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: FLAGS })
  })
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    const unforgiven = troubles.filter((trouble) => !forgiven.some((text) => trouble.includes(text)))
    contexts = []
    troubles = []
    forgiven = []
    expect(unforgiven).toEqual([])
  })
  afterAll(() => browser?.close())
  return {
    newPage: async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
      context.setDefaultTimeout(PATIENCE_MS)
      contexts.push(context)
      await watch(context, hosts(), (trouble) => troubles.push(trouble))
      return context.newPage()
    },
    forgive: (text) => forgiven.push(text),
    forgiveUnknown: (url) => forgiven.push(`404: GET ${url}`, `404 (Not Found) (${url})`),
    picture,
  }
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TEST_SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
