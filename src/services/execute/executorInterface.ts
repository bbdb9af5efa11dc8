import { Interface } from 'ethers'
import { executorAbi } from '../../contracts/generated/executor.ts'

/** Names of the executor's functions, events and errors. */
export const executorInterface: Interface = new Interface(executorAbi)
