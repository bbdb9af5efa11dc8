// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Deploys PancakeSwap V3 pools for their factory
/// @notice Does what PancakeV3PoolDeployer does, which its npm package leaves out. The pools' code is given, not
/// compiled in, so that it is the published one.
contract PoolDeployer {
    struct Parameters {
        address factory;
        address token0;
        address token1;
        uint24 fee;
        int24 tickSpacing;
    }

    /// @notice Only the factory may deploy pools
    error CallerUnexpected(address caller);

    /// @notice The pool's constructor reverted
    error DeploymentFailed();

    /// @notice What a pool's constructor asks for
    Parameters public parameters;

    address private immutable _factory;
    bytes private _creationCode;

    constructor(address factory, bytes memory creationCode) {
        _factory = factory;
        _creationCode = creationCode;
    }

    function deploy(address factory, address token0, address token1, uint24 fee, int24 tickSpacing)
        external
        returns (address pool)
    {
        if (msg.sender != _factory) revert CallerUnexpected(msg.sender);
        parameters = Parameters(factory, token0, token1, fee, tickSpacing);
        bytes32 salt = keccak256(abi.encode(token0, token1, fee));
        bytes memory code = _creationCode;
        assembly ("memory-safe") {
            pool := create2(0, add(code, 32), mload(code), salt)
        }
        if (pool == address(0)) revert DeploymentFailed();
        delete parameters;
    }
}
