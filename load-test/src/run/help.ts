import { measures } from './measures'
import { mixText, USUAL } from './mix'
import { DEFAULT_DURATION, DEFAULT_REPLENISH, DEFAULT_USERS } from './options'

export const help = `npm run load-test -- [options]

Simulates customers of the shop, who register and log in before the clock starts, then browse, fill a cart, order and
poll until the order is paid or cancelled. Starts the shop when it does not run, and leaves it running. At the end an
auditor checks every promise. Exits 0 when all is well, 1 when a promise is broken or a target missed, 64 when the
options make no sense, 130 when interrupted (Ctrl-C once ends the load and still reports, twice ends at once).

How customers come
  --users N          closed loop: N customers (${DEFAULT_USERS}), each orders again as soon as the last order has ended. A slow
                     shop is asked less often: latencies look better than customers would find them
  --rate R           open loop: R orders a second whatever the shop does; 'accepted' counts from when a customer was
                     due, so that a stall cannot hide
  --duration TIME    how long they come, such as 30s, 2m (${DEFAULT_DURATION} unless --orders is given)
  --orders N         after so many orders nobody comes in any more
  --accounts N       registered customers (as many as users; 64 in an open loop)
  --think TIME       pause between two steps of a customer, half to one and a half times that (none)

What they do
  --journey full     browse, look at each product, fill the cart, order it, poll (the default)
  --journey orders   order at once, poll
  --mix SHARES       of a hundred orders so many are declined, out of stock, cancelled by the customer, of several
                     lines, or of the one hot product; what is not named does not happen, and none is none of it
                     (${mixText(USUAL)})
  --prefer-wait      let order-service hold each poll until something happens (Prefer: wait), instead of asking again
  --replenish [N]    every product is filled up to N pieces (${DEFAULT_REPLENISH}) before the clock starts
  --seed N           the same seed is the same customers with the same wishes; always printed

What comes out
  --json FILE        everything measured, for machines
  --report FILE      the same with plots, in one HTML file
  --slo TARGET       can be given several times; missed, the run fails:
                       'terminal p99<100ms'  a measure below, and p50, p90, p95, p99, p99.9 or max; without a
                                             measure it is terminal
                       'throughput>300'      orders that ended, a second
                       'failures<1%'         of all requests those with no answer, 429 or 5xx

What is timed
${Object.entries(measures)
  .map(([name, about]) => `  ${name.padEnd(12)}${about}`)
  .join('\n')}
`
