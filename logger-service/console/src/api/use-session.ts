import { useEffect, useState } from 'preact/hooks'
import { currentSession, onSessionChange, type Session } from './session'

/** Who is logged in, in whichever tab that happened. */
export function useSession(): Session | null {
  const [session, setSession] = useState(currentSession)
  useEffect(() => onSessionChange(() => setSession(currentSession())), [])
  return session
}
