// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// Tokens that describe themselves in ways a reader must survive.
contract Bytes32Symbol {
    bytes32 public constant symbol = "MKR";
    uint8 public constant decimals = 18;
}

contract AnsiSymbol {
    string public constant symbol = "\x1b[31mEVIL\x1b[0m\x07\n";
    uint8 public constant decimals = 6;
}

contract HugeSymbol {
    uint8 public constant decimals = 18;

    function symbol() external pure returns (string memory) {
        assembly {
            mstore(0, 0x20)
            mstore(0x20, 1000000)
            mstore(0x40, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
            mstore(0x60, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
            return(0, 1000064)
        }
    }
}

contract AbsurdDecimals {
    string public constant symbol = "MAX";
    uint256 public constant decimals = type(uint256).max;
}

contract NoDecimals {
    string public constant symbol = "NODEC";
}

contract NoSymbol {
    uint8 public constant decimals = 8;
}

contract LyingLength {
    uint8 public constant decimals = 18;

    function symbol() external pure returns (string memory) {
        assembly {
            mstore(0, 0x20)
            mstore(0x20, not(0))
            mstore(0x40, "LIE")
            return(0, 0x60)
        }
    }
}

contract GasEater {
    uint8 public constant decimals = 18;

    function symbol() external pure returns (string memory) {
        assembly {
            invalid()
        }
    }
}
