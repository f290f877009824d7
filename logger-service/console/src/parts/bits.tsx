import type { ComponentChildren } from 'preact'
import { moment } from '../view/times'

export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'undo' | 'plain'

export const Badge = ({ tone, children }: { tone: Tone; children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>{children}</span>
)

const tones = { pending: 'warn', paid: 'good', cancelled: 'calm' } as const

export const StatusBadge = ({ status, isStuck }: { status: keyof typeof tones; isStuck?: boolean }) => (
  <>
    <Badge tone={tones[status]}>{status}</Badge>
    {isStuck && <Badge tone="bad">stuck</Badge>}
  </>
)

export const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} title={at}>
    {moment(at, new Date())}
  </time>
)

/** Narrow screens see both ends of it. */
export const OrderId = ({ id }: { id: string }) => (
  <span class="id" title={id}>
    <span class="whole">{id}</span>
    <span class="short" aria-hidden="true">
      {id.slice(0, 8)}…{id.slice(-6)}
    </span>
  </span>
)

export const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div class="fact">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

export const Json = ({ value, label = 'The event as JSON' }: { value: unknown; label?: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
  <section class="json" tabIndex={0} aria-label={label}>
    <pre>{JSON.stringify(value, null, 2)}</pre>
  </section>
)
