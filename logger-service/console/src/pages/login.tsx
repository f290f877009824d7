import { useState } from 'preact/hooks'
import { lastFarewell, logIn } from '../api/session'
import { ThemeButton } from '../parts/shell'

export function LoginPage() {
  const [refusal, setRefusal] = useState(lastFarewell)
  const [isBusy, setIsBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    setIsBusy(true)
    setRefusal(null)
    try {
      await logIn(String(form.get('email')), String(form.get('password')))
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error))
      setIsBusy(false)
    }
  }
  return (
    <main class="login">
      <form onSubmit={submit}>
        <h1>
          <img src="console/icon.svg" alt="" width="22" height="22" /> Order saga console
        </h1>
        <p class="dim">Where is my order? Log in as an administrator.</p>
        {refusal && (
          <p class="banner trouble" role="alert">
            {refusal}
          </p>
        )}
        <label>
          E-mail
          <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <div class="row">
          <button type="submit" class="primary" disabled={isBusy}>
            {isBusy ? 'Logging in …' : 'Log in'}
          </button>
          <ThemeButton />
        </div>
      </form>
    </main>
  )
}
