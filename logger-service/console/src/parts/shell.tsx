import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { logOut } from '../api/session'
import { chooseTheme, chosenTheme, onSystemTheme } from './theme'

const places = [
  ['sagas', 'Sagas'],
  ['dead-letters', 'Dead letters'],
  ['health', 'Health'],
  ['audit', 'Audit'],
  ['choreography', 'Choreography'],
  ['logs', 'Logs'],
] as const

interface Props {
  readonly page: string
  readonly email: string
  readonly children: ComponentChildren
}

export function Shell({ page, email, children }: Props) {
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  // another page is why the focus moves
  useEffect(() => {
    document.title = `${main.current?.querySelector('h1')?.textContent ?? 'Console'} · Order saga`
    // whoever follows a link by keyboard or ear begins at the top of what it led to
    if (!isFirst.current) main.current?.focus()
    isFirst.current = false
  }, [page])
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="top">
        <a class="brand" href="#/sagas">
          <img src="console/icon.svg" alt="" width="18" height="18" /> Order saga
        </a>
        <nav aria-label="Pages">
          {places.map(([name, label]) => (
            <a key={name} href={`#/${name}`} aria-current={isAt(name, page) ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <div class="who">
          <span class="email" title={email}>
            {email}
          </span>
          <ThemeButton />
          <button type="button" class="quiet" onClick={() => logOut()}>
            Log out
          </button>
        </div>
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        All times are UTC. This page only listens: no service waits for it. <a href="docs">API</a>
      </footer>
    </>
  )
}

const isAt = (name: string, page: string): boolean => name === page || (name === 'sagas' && page === 'journey')

export function ThemeButton() {
  const [theme, setTheme] = useState(chosenTheme)
  const other = theme === 'dark' ? 'light' : 'dark'
  useEffect(() => onSystemTheme(() => setTheme(chosenTheme())), [])
  const turn = () => {
    chooseTheme(other)
    setTheme(other)
  }
  return (
    <button type="button" class="quiet" onClick={turn}>
      {other === 'dark' ? 'Dark' : 'Light'}
    </button>
  )
}
