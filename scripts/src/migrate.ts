import { fail } from './fail'
import { addresses } from './infra'
import { prepareDatabases } from './shop/prepare'

/** npm run migrate: roles, databases and schemas of all services. */
prepareDatabases(addresses())
  .then(() => process.stdout.write('✓ every database has the newest schema\n'))
  .catch(fail)
