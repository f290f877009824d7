import type { ComponentType } from 'preact'
import { useSession } from './api/use-session'
import { AuditPage } from './pages/audit'
import { ChoreographyPage } from './pages/choreography'
import { DeadLettersPage } from './pages/dead-letters'
import { HealthPage } from './pages/health'
import { JourneyPage } from './pages/journey'
import { LoginPage } from './pages/login'
import { LogsPage } from './pages/logs'
import { SagasPage } from './pages/sagas'
import { Shell } from './parts/shell'
import { Empty } from './parts/states'
import { useAddress } from './parts/use-address'
import type { Address } from './view/address'

const pages: Readonly<Record<string, ComponentType<{ address: Address }>>> = {
  sagas: SagasPage,
  journey: JourneyPage,
  'dead-letters': DeadLettersPage,
  health: HealthPage,
  audit: AuditPage,
  choreography: ChoreographyPage,
  logs: LogsPage,
}

export function App() {
  const session = useSession()
  const address = useAddress()
  if (!session) return <LoginPage />
  const Page = pages[address.page]
  return (
    <Shell page={address.page} email={session.email}>
      {Page ? <Page key={address.id ?? address.page} address={address} /> : <Nowhere />}
    </Shell>
  )
}

const Nowhere = () => (
  <>
    <h1>Not here</h1>
    <Empty>
      There is no such page. <a href="#/sagas">All sagas</a>
    </Empty>
  </>
)
