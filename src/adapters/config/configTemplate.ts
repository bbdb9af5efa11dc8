/** A first configuration: one chain to watch, all else written out and explained. */
export const configTemplate: string = `# Configuration of apex. Every key has the default it is shown with.
#
# Secrets are never written here. Where one is needed, write where it lies:
#   env:NAME       an environment variable
#   file:PATH      a file of mode 600 that holds nothing else
#   keystore:PATH  for keys: an encrypted keystore; apex key new makes one
#
# The environment overrides this file: APEX__CHAINS__BASE__RPC is chains.base.rpc,
# APEX__CHAINS__BASE__RISK__MAX_INPUT is chains.base.risk.maxInput; commas part
# the entries of a list. --set chains.base.risk.maxInput=2 overrides both.
#
# Look at the result with: apex config show
# Check that all of it works with: apex doctor

# SQLite file that keeps what was seen, decided, sent and earned.
database = "apex.sqlite"
# As long as a file lies at this path nothing is sent.
killSwitch = "apex.stop"

# Known chains: ethereum, polygon, arbitrum, optimism, base, bsc, and local for
# a development node. Another name needs its chainId.
[chains.base]
# Nodes over HTTP; several share the load and stand in for each other.
rpc = ["env:BASE_RPC"]
# Nodes over WebSocket: blocks arrive sooner. Of several, the next takes over
# where one dies or lags.
# webSocket = ["env:BASE_WS"]
# Most requests a second to each node; no limit where left out.
# requestsPerSecond = 25

# The executor contract, from apex deploy. Without it the chain is only watched.
# executor = "0x…"
# The account that sends: an operator of the executor, with coins for gas only.
# key = "keystore:operator.json"
# password = "env:OPERATOR_PASSWORD"

# The state begins with this file, which apex snapshot writes.
market = "base.jsonl.gz"
# Names as apex dexes and apex lenders list them; all where left out.
# dexes = ["uniswap-v3", "aerodrome-v2"]
# lenders = ["morpho", "balancer-v2"]
# Where cycles begin, by symbol or address; the wrapped native coin where left
# out. Each more takes a search of its own.
# baseTokens = ["WETH", "USDC"]
maxHops = 3
# Which logs of a block are asked for: "whole" reads all, and so can tell that
# none is missing; "topics" reads those of the DEXes, twice, which is less.
logs = "whole"
# Proves each block's logs by the root of its receipts, after it was acted on;
# a block that lacked some is taken back. Takes some 20 ms of a busy block.
provesLogs = false

# Private relays by name; the chain's usual ones where left out.
# relays = []
# Signs what goes to relays; keep no coins on it.
# relayKey = "keystore:relay.json"
# Whether they may go through the node, where others see them, when no relay takes them.
allowsPublic = false

# Paid for inclusion out of the profit: share in 1/10,000, and to whom; the
# zero address is whoever makes the block, a builder at the address it names.
[chains.base.tip]
bps = 0
to = "0x0000000000000000000000000000000000000000"

# Amounts in the chain's native coin, in quotes.
[chains.base.risk]
# Most that one trade puts in.
maxInput = "1"
# Most that one trade's gas may cost.
maxGasCost = "0.01"
# Least profit after all costs.
minNetProfit = "0.0001"
# After this much lost within a day (UTC) nothing more is sent.
dailyLoss = "0.05"
# After so many failures one after another nothing more is sent.
maxFailuresInRow = 5
# How long a route rests after it failed.
routeCoolDownSeconds = 30
maxTradesPerMinute = 20
# A state older than so many blocks is not acted on.
maxBlocksBehind = 1
# Addresses that are never traded.
blockedTokens = []
blockedPools = []

# Pools that are made while the bot runs, of the DEXes above.
[chains.base.newPools]
# Whether they are traded.
join = true
# Enough must be in them: a trade of this much, or of its worth in another base
# token, moves the price by less than half.
leastTrade = "0.1"
# Also those of tokens that the market does not have: they are bought and sold
# on a copy of the chain first, which takes @nomicfoundation/edr.
withNewTokens = false
# Most that join.
most = 10000

# [chains.arbitrum]
# rpc = ["env:ARBITRUM_RPC"]
`
