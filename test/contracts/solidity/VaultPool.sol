// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

interface IVault {
    function registerPool(uint8 specialization) external returns (bytes32);
    function registerTokens(bytes32 poolId, address[] calldata tokens, address[] calldata assetManagers) external;
    function joinPool(bytes32 poolId, address sender, address recipient, JoinPoolRequest calldata request) external;
}

struct JoinPoolRequest {
    address[] assets;
    uint256[] maxAmountsIn;
    bytes userData;
    bool fromInternalBalance;
}

struct SwapRequest {
    uint8 kind;
    address tokenIn;
    address tokenOut;
    uint256 amount;
    bytes32 poolId;
    uint256 lastChangeBlock;
    address from;
    address to;
    bytes userData;
}

/// @title The smallest pool that Balancer's genuine Vault takes: it gives for one token `gain` percent more of the other.
/// @dev The Vault is what the executor deals with; the curve does not matter here.
contract VaultPool {
    bytes32 public poolId;
    address private immutable _vault;
    uint256 private immutable _gain;

    constructor(address vault, address tokenA, address tokenB, uint256 gain) {
        (_vault, _gain) = (vault, gain);
        poolId = IVault(vault).registerPool(2);
        address[] memory tokens = new address[](2);
        (tokens[0], tokens[1]) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
        IVault(vault).registerTokens(poolId, tokens, new address[](2));
    }

    function onJoinPool(bytes32, address, address, uint256[] calldata, uint256, uint256, bytes calldata data)
        external
        pure
        returns (uint256[] memory, uint256[] memory)
    {
        return (abi.decode(data, (uint256[])), new uint256[](2));
    }

    function onSwap(SwapRequest calldata request, uint256, uint256) external view returns (uint256) {
        return request.amount * (100 + _gain) / 100;
    }
}
