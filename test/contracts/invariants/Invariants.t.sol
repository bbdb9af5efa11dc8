// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {HostilePool, Token} from "./HostileWorld.sol";

interface Vm {
    function envBytes(string calldata name) external view returns (bytes memory);
    function deal(address who, uint256 balance) external;
    function prank(address sender) external;
}

interface IExecutorUnderTest {
    function execute(bytes calldata plan) external returns (uint256 profit, uint256 gasUsed);
    function addOperator(address operator) external;
    function pause() external;
    function unpause() external;
    function withdraw(address token, address to, uint256 amount) external;
    function withdrawNative(address to, uint256 amount) external;
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

/// @title What strangers, operators, hostile contracts and, rarely, the owner do to an executor.
/// @dev After each call it looks whether any balance fell and whether anybody was left an allowance.
contract Handler {
    uint256 private constant TREASURE = 1000 ether;
    uint256 private constant POOLS = 4;
    uint256 private constant TOKENS = 4;

    IExecutorUnderTest private immutable _executor;
    Token[] private _tokens;
    HostilePool[] private _pools;
    uint256 private _seed;

    string public fault;
    uint256 public calls;
    uint256 public executed;

    constructor(bytes memory creationCode) {
        for (uint256 i = 0; i < TOKENS; i++) _tokens.push(new Token());
        // The first is the wrapped coin.
        bytes memory code = abi.encodePacked(creationCode, abi.encode(address(this), address(_tokens[0])));
        address made;
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
        }
        require(made != address(0), "creation");
        _executor = IExecutorUnderTest(made);
        _executor.addOperator(address(this));
        for (uint256 i = 0; i < POOLS; i++) {
            HostilePool pool = new HostilePool(made, _tokens);
            _pools.push(pool);
            // A stolen hot key: pools may execute, too.
            if (i == 0) _executor.addOperator(address(pool));
            vm.deal(address(pool), TREASURE * 1e6);
            for (uint256 j = 0; j < TOKENS; j++) _tokens[j].mint(address(pool), TREASURE * 1e6);
        }
        for (uint256 i = 0; i < TOKENS; i++) _tokens[i].mint(made, TREASURE);
        vm.deal(address(_tokens[0]), TREASURE * 1e7);
        vm.deal(made, TREASURE);
    }

    receive() external payable {}

    modifier watched() {
        uint256[] memory before = balances();
        _;
        calls++;
        uint256[] memory current = balances();
        for (uint256 i = 0; i <= TOKENS; i++) {
            if (current[i] < before[i]) fault = "a balance fell";
        }
        for (uint256 i = 0; i < TOKENS; i++) {
            for (uint256 j = 0; j < POOLS; j++) {
                if (_tokens[i].allowance(address(_executor), address(_pools[j])) != 0) fault = "an allowance stayed";
            }
        }
    }

    /// @notice An operator sends a plan through hostile pools.
    function operatorExecutes(uint256 seed) external watched {
        _execute(seed);
    }

    /// @notice The same, so that most calls are plans.
    function operatorExecutesAgain(uint256 seed) external watched {
        _execute(seed);
    }

    /// @notice An operator sends a plan with some bytes changed.
    function operatorExecutesRubbish(uint256 seed) external watched {
        _seed = seed;
        bytes memory plan = _plan();
        uint256 changes = 1 + _draw(3);
        for (uint256 i = 0; i < changes; i++) plan[_draw(plan.length)] = bytes1(uint8(_draw(256)));
        _send(plan);
    }

    /// @notice A pool attacks on its own account.
    function poolStrikes(uint256 seed) external watched {
        _seed = seed;
        _reseed(_plan());
        _pools[_draw(POOLS)].strike();
    }

    /// @notice A stranger calls whatever it likes.
    function strangerCalls(uint256 seed, bytes calldata data) external watched {
        vm.prank(address(uint160(seed | 0x10000)));
        (bool success,) = address(_executor).call(data);
        success;
    }

    /// @notice Gifts never hurt.
    function anybodyGives(uint256 seed) external watched {
        _seed = seed;
        _tokens[_draw(TOKENS)].mint(address(_executor), _draw(1 ether));
    }

    /// @notice The owner withdraws a little: the only way out.
    function ownerWithdraws(uint256 seed) external {
        _seed = seed;
        uint256[] memory before = balances();
        uint256 which = _draw(TOKENS + 1);
        uint256 amount = _draw(1 ether);
        uint256 left = before[which] < amount ? before[which] : amount;
        if (which == TOKENS) _executor.withdrawNative(address(this), left);
        else _executor.withdraw(address(_tokens[which]), address(this), left);
        uint256[] memory current = balances();
        for (uint256 i = 0; i <= TOKENS; i++) {
            if (current[i] != before[i] - (i == which ? left : 0)) fault = "a withdrawal took something else";
        }
        calls++;
    }

    /// @notice Of each token, then of the native coin.
    function balances() public view returns (uint256[] memory all) {
        all = new uint256[](TOKENS + 1);
        for (uint256 i = 0; i < TOKENS; i++) all[i] = _tokens[i].balanceOf(address(_executor));
        all[TOKENS] = address(_executor).balance;
    }

    function _execute(uint256 seed) private {
        _seed = seed;
        _send(_plan());
    }

    function _send(bytes memory plan) private {
        _reseed(plan);
        // A token misbehaves in three of eight calls; never the wrapped coin, which the owner chose.
        uint256 hostile = 1 + _draw(8);
        if (hostile < TOKENS) {
            _tokens[hostile].behave(_draw(2) == 0 ? _pools[0] : HostilePool(payable(0)), _draw(3) == 0);
        }
        try _executor.execute(plan) {
            executed++;
        } catch {}
        if (hostile < TOKENS) _tokens[hostile].behave(HostilePool(payable(0)), false);
    }

    function _reseed(bytes memory plan) private {
        for (uint256 i = 0; i < POOLS; i++) _pools[i].reseed(_draw(type(uint256).max), plan);
    }

    /// @dev 1 to 3 hops over the hostile pools, back to the first token; each pool pays in its hop's token.
    function _plan() private returns (bytes memory plan) {
        uint256 token = _draw(TOKENS);
        uint256 lender = _draw(8);
        bool lends = lender != 0 && lender != 5;
        uint256 lenderPool = _draw(POOLS);
        if (lends) _pools[lenderPool].trades(token);
        uint256 hops = 1 + _draw(3);
        bytes memory tail;
        for (uint256 i = 0; i < hops; i++) {
            uint256 tokenOut = i == hops - 1 ? token : _draw(TOKENS);
            tail = abi.encodePacked(tail, _hop(lends ? (lenderPool + 1 + i % 3) % POOLS : i, tokenOut));
        }
        plan = abi.encodePacked(
            uint8(1),
            uint8(lender | (_draw(2) << 7)),
            uint64(block.chainid),
            type(uint40).max,
            uint48(0),
            type(uint48).max,
            address(_tokens[token]),
            uint128(_draw(2000) * 1e18)
        );
        plan = abi.encodePacked(
            plan,
            uint128(_draw(4) == 0 ? 1 : 0),
            uint16(_draw(6) == 0 ? _draw(10001) : 0),
            address(_pools[_draw(POOLS)]),
            lends ? address(_pools[lenderPool]) : address(0),
            tail
        );
    }

    function _hop(uint256 pool, uint256 tokenOut) private returns (bytes memory hop) {
        _pools[pool].trades(tokenOut);
        uint256 module = _draw(5);
        hop = abi.encodePacked(
            uint8(module),
            uint8(_draw(4)),
            address(_pools[pool]),
            address(_tokens[tokenOut]),
            uint128(_draw(2) * _draw(3000) * 1e18)
        );
        if (module == 0) hop = abi.encodePacked(hop, uint24(3000));
        if (module == 3) hop = abi.encodePacked(hop, uint24(3000), int24(60), address(0));
        if (module == 4) hop = abi.encodePacked(hop, bytes32(0));
    }

    function _draw(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }
}

/// @title No sequence of calls lowers a balance of the executor or leaves an allowance, but the owner's withdrawals.
contract Invariants {
    Handler private _handler;

    function setUp() external {
        _handler = new Handler(vm.envBytes("APEX_EXECUTOR"));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_nothingIsLost() external view {
        require(bytes(_handler.fault()).length == 0, _handler.fault());
    }

    /// @dev Were no plan to succeed, nothing would have been tested: one call of twenty must be an executed plan.
    function afterInvariant() external view {
        require(_handler.calls() < 100 || _handler.executed() * 20 > _handler.calls(), "hardly a plan was executed");
    }
}
