import { useAnswer } from '../api/use-answer'
import { Json } from './bits'
import { Dialog } from './dialog'
import { Answered } from './states'

/** An event as the journal keeps it: personal and secret fields are covered. */
export function EventDialog({ event, onClose }: { event: string; onClose: () => void }) {
  const answer = useAnswer<unknown>(`/events/${encodeURIComponent(event)}`)
  return (
    <Dialog title="Raw event" onClose={onClose}>
      <Answered answer={answer}>{(data) => <Json value={data} />}</Answered>
    </Dialog>
  )
}
