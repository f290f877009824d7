import { useState } from 'preact/hooks'
import type { Journey } from '../api/answers'
import { useAnswer } from '../api/use-answer'
import { OrderId } from '../parts/bits'
import { CopyButton } from '../parts/copy-button'
import { EventDialog } from '../parts/event-dialog'
import { JourneyFacts } from '../parts/journey-facts'
import { LanesPicture } from '../parts/lanes-picture'
import { Answered } from '../parts/states'
import { type Address, addressOf } from '../view/address'
import { lanesOf } from '../view/lanes'
import { verdictOf } from '../view/verdict'

// an order that has ended may still be mailed about, or get its money back
const WHILE_PENDING_MS = 2_000
const AFTERWARDS_MS = 10_000

export function JourneyPage({ address }: { address: Address }) {
  const id = address.id ?? ''
  const [isPending, setIsPending] = useState(true)
  const journey = useAnswer<Journey>(
    `/orders/${encodeURIComponent(id)}/journey`,
    isPending ? WHILE_PENDING_MS : AFTERWARDS_MS,
  )
  const isStillPending = journey.data === undefined || journey.data.status === 'pending'
  if (isStillPending !== isPending) setIsPending(isStillPending)
  return (
    <>
      <p class="crumb">
        <a href="#/sagas">Sagas</a>
      </p>
      <h1>
        Order <OrderId id={id} />
      </h1>
      <Answered answer={journey}>{(data) => <Told journey={data} />}</Answered>
    </>
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
