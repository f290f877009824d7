export interface Answer<T> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

export interface Question {
  readonly method?: string
  readonly token?: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

/** One request, whatever the answer; undefined when none came. */
export async function ask<T>(url: string, question: Question = {}): Promise<Answer<T> | undefined> {
  const { body, token, headers, method = body ? 'POST' : 'GET', timeoutMs = 10_000 } = question
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as T }
  } catch {
    return undefined
  }
}

/** The same where anything but success ends the run. */
export async function must<T>(url: string, question: Question = {}): Promise<T> {
  const answer = await ask<T>(url, question)
  if (!answer || answer.status >= 300) throw new Error(`${url}: ${answer?.status} ${JSON.stringify(answer?.body)}`)
  return answer.body
}
