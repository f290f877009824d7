import { runService } from '@order-saga/common'
import { readCartConfig } from './config'
import { buildCartService } from './service'

void runService(() => buildCartService(readCartConfig(process.env)))
