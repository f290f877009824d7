export interface Step {
  readonly keyword: string
  readonly text: string
}

export interface Stage {
  readonly name: string
  /** Name of an earlier stage, or an image. */
  readonly base: string
  readonly steps: readonly Step[]
}

type Values = Readonly<Record<string, string>>

/** The stages of a Dockerfile in their order. Understands what ours is written with, and refuses what it does not know. */
export function parseDockerfile(text: string, buildArgs: Values = {}): Stage[] {
  const args: Record<string, string> = {}
  const stages: { name: string; base: string; steps: Step[] }[] = []
  for (const { keyword, text: rest } of stepsOf(text)) {
    const stage = stages.at(-1)
    if (keyword === 'FROM') {
      const [base = '', , name = String(stages.length)] = substitute(rest, args).split(/\s+/)
      stages.push({ name, base, steps: [] })
    } else if (stage) stage.steps.push({ keyword, text: rest })
    else if (keyword === 'ARG') Object.assign(args, argOf(rest, buildArgs))
    else throw new Error(`${keyword} before any FROM`)
  }
  return stages
}

const KNOWN = new Set('ARG CMD COPY ENV EXPOSE FROM HEALTHCHECK LABEL RUN USER VOLUME WORKDIR'.split(' '))

function stepsOf(text: string): Step[] {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line))
  const whole = lines.join('\n').replace(/\s*\\\n\s*/g, ' ')
  return whole
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, keyword = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? []
      if (!KNOWN.has(keyword)) throw new Error(`not understood: ${line}`)
      return { keyword, text: rest }
    })
}

/** A declared argument with the value it was given, else its default. */
export function argOf(text: string, buildArgs: Values): Values {
  const [, name = '', value = ''] = /^(\w+)=?(.*)$/.exec(text) ?? []
  return { [name]: buildArgs[name] ?? value }
}

export const substitute = (text: string, values: Values): string =>
  text.replace(/\$\{(\w+)\}/g, (_all, name: string) => values[name] ?? '')

/** `A=1 B="two words"`, as ENV and LABEL take them. */
export const pairsOf = (text: string, values: Values): Values =>
  Object.fromEntries(
    [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name = '', quoted, bare]) => [
      name,
      substitute(quoted ?? bare ?? '', values),
    ]),
  )

/** The words of `["a", "b"]`; nothing for the form that a shell would have to read. */
export function wordsOf(text: string): string[] {
  const words: unknown = JSON.parse(text)
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) throw new Error(`no words: ${text}`)
  return words
}
