// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token that turns on those who trade it, in one of the ways that have been seen; its code takes the place of an
/// honest token's once pools are made: balances lie where TestToken has them.
contract TrapToken is ERC20 {
    enum Kind {
        Plain,
        NoReturn,
        BlockedForOneHolder,
        FeeOnBuy,
        FeeOnSell,
        NoBuy,
        NoSell,
        NoSellLater,
        NoSellByStrangers,
        NoSellInBlockOfPurchase,
        LiesOfPools,
        LiesOfHolders,
        RebasesDaily,
        RebasesOnTransfer,
        EatsGasOnSell,
        CleanWithoutGasPrice,
        TakesMore
    }

    uint256 private constant UNIT = 1e18;
    address private constant FRIEND = address(0xf00d);

    Kind public kind;
    uint256 private _since;
    uint256 private _index;
    mapping(address account => bool) private _isPool;
    mapping(address account => uint256) private _boughtIn;

    constructor() ERC20("Trap", "TRAP") {}

    function turn(Kind to, address[] calldata pools) external {
        (kind, _since, _index) = (to, block.timestamp, UNIT);
        for (uint256 i = 0; i < pools.length; i++) _isPool[pools[i]] = true;
    }

    function balanceOf(address account) public view override returns (uint256 balance) {
        balance = super.balanceOf(account);
        if (kind == Kind.LiesOfPools && _isPool[account]) balance += gasleft();
        if (kind == Kind.LiesOfHolders && !_isPool[account]) balance += UNIT;
        if (kind == Kind.RebasesDaily) balance += balance * ((block.timestamp - _since) / 1 days) / 100;
        if (kind == Kind.RebasesOnTransfer) balance = balance * _index / UNIT;
    }

    function transfer(address to, uint256 value) public override returns (bool done) {
        done = super.transfer(to, value);
        if (kind == Kind.NoReturn) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
    }

    function _update(address from, address to, uint256 value) internal override {
        if (_isPool[from]) {
            require(kind != Kind.NoBuy, "not for sale");
            _boughtIn[to] = block.number;
            if (kind == Kind.FeeOnBuy) value = _taxed(from, value);
        }
        if (_isPool[to]) {
            require(kind != Kind.NoSell, "not to be sold");
            require(kind != Kind.NoSellLater || block.timestamp < _since + 1 hours, "too late");
            require(kind != Kind.NoSellByStrangers || from == FRIEND, "not you");
            require(kind != Kind.NoSellInBlockOfPurchase || _boughtIn[from] != block.number, "too soon");
            if (kind == Kind.FeeOnSell) value = _taxed(from, value);
            if (kind == Kind.TakesMore) super._update(from, FRIEND, value / 100);
            if (kind == Kind.EatsGasOnSell) while (true) {}
        }
        require(kind != Kind.BlockedForOneHolder || from != FRIEND, "blocked");
        if (kind == Kind.CleanWithoutGasPrice && tx.gasprice != 0) value = _taxed(from, value);
        super._update(from, to, value);
        if (kind == Kind.RebasesOnTransfer) _index += _index / 50;
    }

    function _taxed(address from, uint256 value) private returns (uint256) {
        super._update(from, FRIEND, value / 20);
        return value - value / 20;
    }
}
