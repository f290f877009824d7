/** One promise about speed or cost, and whether it was kept. */
export interface Row {
  readonly what: string
  readonly target: string
  readonly measured: string
  readonly isMet: boolean
}

/** A measurement of its own, beside the series. */
export interface Step {
  readonly about: string
  run(say: (line: string) => void): Promise<Row[]>
}
