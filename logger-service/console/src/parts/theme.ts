export type Theme = 'light' | 'dark'

const KEY = 'order-saga-theme'

const darkSystem = matchMedia('(prefers-color-scheme: dark)')

const systemTheme = (): Theme => (darkSystem.matches ? 'dark' : 'light')

export function onSystemTheme(listener: () => void): () => void {
  darkSystem.addEventListener('change', listener)
  return () => darkSystem.removeEventListener('change', listener)
}

export const chosenTheme = (): Theme => {
  const kept = localStorage.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : systemTheme()
}

/** What was chosen here; else the system's, also when that changes. */
export function applyTheme(): void {
  const kept = localStorage.getItem(KEY)
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept
  else delete document.documentElement.dataset.theme
}

/** Choosing what the system says anyway gives the choice back to the system. */
export function chooseTheme(theme: Theme): void {
  if (theme === systemTheme()) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  applyTheme()
}
