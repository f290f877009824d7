import { runService } from '@order-saga/common'
import { buildAuditor, readAuditorConfig } from './auditor/build-auditor'
import { auditSources } from './shop/audit-sources'

void runService(() => buildAuditor(readAuditorConfig(process.env), auditSources))
