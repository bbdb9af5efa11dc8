// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title An ERC-20 that misbehaves in one of the ways that tokens have been seen to.
/// @dev It behaves while pools are made and turns hostile when told to.
contract HostileToken {
    enum Kind {
        Plain,
        NoReturn,
        ReturnsFalse,
        MovesAndReturnsFalse,
        FeeOnTransfer,
        RebasesUp,
        RebasesDown,
        Blocklist,
        Pausable,
        CallsBack,
        ZeroTransferReverts,
        ApprovalRace,
        ApproveZeroReverts,
        HugeDecimals,
        BalanceLies,
        GasBomb,
        ReturnBomb,
        TakesMore,
        Salmonella,
        PaysInCallsOnly
    }

    uint256 private constant UNIT = 1e18;

    Kind public kind;
    /// @dev Whom the behaviour is aimed at: blocked, lied about, called, or favoured.
    address public aim;

    /// @dev Balances are shares; `_index` turns them into base units.
    uint256 private _index = UNIT;
    mapping(address account => uint256) private _shares;
    mapping(address account => mapping(address spender => uint256)) public allowance;
    uint256 public totalSupply;

    function turn(Kind to, address at) external {
        (kind, aim) = (to, at);
    }

    function mint(address to, uint256 value) external {
        _shares[to] += value * UNIT / _index;
        totalSupply += value;
    }

    function decimals() external view returns (uint8) {
        return kind == Kind.HugeDecimals ? 255 : 18;
    }

    function balanceOf(address account) public view returns (uint256) {
        if (kind == Kind.BalanceLies && account == aim) return type(uint128).max - gasleft();
        return _shares[account] * _index / UNIT;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        if (kind == Kind.ApprovalRace) require(value == 0 || allowance[msg.sender][spender] == 0, "race");
        if (kind == Kind.ApproveZeroReverts) require(value != 0, "approve 0");
        if (kind == Kind.ReturnsFalse) return false;
        allowance[msg.sender][spender] = value;
        return _answer();
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        if (kind != Kind.ReturnsFalse) allowance[from][msg.sender] -= value;
        return _move(from, to, value);
    }

    function _move(address from, address to, uint256 value) private returns (bool) {
        if (kind == Kind.ReturnsFalse) return false;
        if (kind == Kind.Pausable) revert("paused");
        if (kind == Kind.Blocklist) require(from != aim && to != aim, "blocked");
        if (kind == Kind.ZeroTransferReverts) require(value != 0, "zero");
        if (kind == Kind.GasBomb) {
            while (true) {}
        }
        if (kind == Kind.CallsBack) {
            (bool called,) = aim.call(abi.encodeWithSignature("moved(address,address,uint256)", from, to, value));
            called;
        }
        uint256 taken = kind == Kind.TakesMore ? value + value / 100 : value;
        uint256 given = kind == Kind.FeeOnTransfer ? value - value / 100 : value;
        // Salmonella: a tenth arrives unless its maker sells.
        if (kind == Kind.Salmonella && from != aim) given = value / 10;
        // `eth_call` without a price shows a clean token.
        if (kind == Kind.PaysInCallsOnly && tx.gasprice != 0) given = value / 10;
        _shares[from] -= taken * UNIT / _index;
        _shares[to] += given * UNIT / _index;
        if (kind == Kind.RebasesUp) _index += _index / 50;
        if (kind == Kind.RebasesDown) _index -= _index / 50;
        return _answer();
    }

    function _answer() private view returns (bool) {
        if (kind == Kind.NoReturn) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        if (kind == Kind.ReturnBomb) {
            assembly ("memory-safe") {
                mstore(0, 1)
                return(0, 1000000)
            }
        }
        return kind != Kind.MovesAndReturnsFalse;
    }
}
