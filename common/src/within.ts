/** Whether work came to a good end in time. It is not stopped: what comes later, an error too, is nobody's. */
export async function isTrueWithin(ms: number, work: Promise<unknown> | undefined): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    // after a pause of this process, what has arrived meanwhile is read before the time counts as up
    timer = setTimeout(() => setImmediate(() => setImmediate(resolve, false)), ms)
  })
  const done = Promise.resolve(work).then(
    () => true,
    () => false,
  )
  return Promise.race([done, late]).finally(() => clearTimeout(timer))
}
