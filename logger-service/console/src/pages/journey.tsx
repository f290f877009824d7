import { useState } from 'preact/hooks'
import type { Journey } from '../api/answers'
import { useAnswer } from '../api/use-answer'
import { OrderId } from '../parts/bits'
import { CopyButton } from '../parts/copy-button'
import { EventDialog } from '../parts/event-dialog'
import { JourneyFacts } from '../parts/journey-facts'
import { LanesPicture } from '../parts/lanes-picture'
import { Answered, Empty } from '../parts/states'
import { useElapsed } from '../parts/use-elapsed'
import { type Address, addressOf } from '../view/address'
import { lanesOf } from '../view/lanes'
import { verdictOf } from '../view/verdict'

// an order that has ended may still be mailed about, or get its money back
const WHILE_PENDING_MS = 2_000
const AFTERWARDS_MS = 10_000
// what is told is written down within a second, unless much is going on
const NEWS_TAKE_MS = 10_000

export function JourneyPage({ address }: { address: Address }) {
  const id = address.id ?? ''
  const [isPending, setIsPending] = useState(true)
  const journey = useAnswer<Journey>(
    `/orders/${encodeURIComponent(id)}/journey`,
    isPending ? WHILE_PENDING_MS : AFTERWARDS_MS,
  )
  const isStillPending = journey.data === undefined || journey.data.status === 'pending'
  if (isStillPending !== isPending) setIsPending(isStillPending)
  const isUnheardOf = journey.data === undefined && journey.problem?.status === 404
  return (
    <>
      <p class="crumb">
        <a href="#/sagas">Sagas</a>
      </p>
      <h1>
        Order <OrderId id={id} />
      </h1>
      {isUnheardOf ? <UnheardOf /> : <Answered answer={journey}>{(data) => <Told journey={data} />}</Answered>}
    </>
  )
}

/** An order that was placed a moment ago, or none at all: nothing but time tells. */
function UnheardOf() {
  const isLate = useElapsed(NEWS_TAKE_MS)
  return (
    <div role="status">
      {isLate ? (
        <Empty>
          Nothing was ever told about such an order, or it was too long ago. <a href={addressOf('sagas')}>All sagas</a>
        </Empty>
      ) : (
        <Empty>Not heard of yet. A new order is here within seconds …</Empty>
      )}
    </div>
  )
}

function Told({ journey }: { journey: Journey }) {
  const [raw, setRaw] = useState<string | null>(null)
  const { tone, text } = verdictOf(journey)
  return (
    <>
      <p class={`verdict ${tone}`} role="status">
        {text}
      </p>
      <JourneyFacts journey={journey} />
      <section class="card" aria-labelledby="what-happened">
        <div class="row head">
          <h2 id="what-happened">What happened</h2>
          <CopyButton label="Copy as Mermaid" text={journey.mermaid} />
          <a href={addressOf('logs', null, { orderId: journey.orderId })}>Logs of this order</a>
        </div>
        <LanesPicture lanes={lanesOf(journey)} onRaw={setRaw} />
      </section>
      {raw && <EventDialog event={raw} onClose={() => setRaw(null)} />}
    </>
  )
}
