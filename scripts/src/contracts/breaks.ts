import { basename } from 'node:path'
import { parse } from 'yaml'
import { ASYNCAPI_PATH } from '../docs/asyncapi'
import { apiBreaks } from './api-breaks'
import { eventBreaks } from './event-breaks'

type Published = ReadonlyMap<string, string>

/** What breaks whoever goes by the documents as they were published before, by path and text, in sentences. */
export function breaksBetween(before: Published, after: Published): string[] {
  return [...before].flatMap(([path, text]) => {
    const now = after.get(path)
    if (path !== ASYNCAPI_PATH)
      return apiBreaks(basename(path, '.json'), JSON.parse(text), now === undefined ? undefined : JSON.parse(now))
    return now === undefined ? [`${path} is gone`] : eventBreaks(parse(text), parse(now))
  })
}
