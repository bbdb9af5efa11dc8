// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IFundedVault {
    struct TokenConfig {
        IERC20 token;
        uint8 tokenType;
        address rateProvider;
        bool paysYieldFees;
    }

    struct PoolRoleAccounts {
        address pauseManager;
        address swapFeeManager;
        address poolCreator;
    }

    struct LiquidityManagement {
        bool disableUnbalancedLiquidity;
        bool enableAddLiquidityCustom;
        bool enableRemoveLiquidityCustom;
        bool enableDonation;
    }

    function registerPool(
        address pool,
        TokenConfig[] calldata tokenConfig,
        uint256 swapFeePercentage,
        uint32 pauseWindowEndTime,
        bool protocolFeeExempt,
        PoolRoleAccounts calldata roleAccounts,
        address poolHooksContract,
        LiquidityManagement calldata liquidityManagement
    ) external;

    function unlock(bytes calldata data) external returns (bytes memory result);

    function settle(IERC20 token, uint256 amountHint) external returns (uint256 credit);

    function initialize(
        address pool,
        address to,
        IERC20[] calldata tokens,
        uint256[] calldata exactAmountsIn,
        uint256 minBptAmountOut,
        bytes calldata userData
    ) external returns (uint256 bptAmountOut);
}

/// @title Gives Balancer V3's Vault something to lend
/// @notice The Vault lends only what came in through pools. This is the least pool it accepts; nobody can trade with it.
contract BalancerV3Funder {
    using SafeERC20 for IERC20;

    /// @notice Only the Vault, asked by this contract, may take the deposit
    error CallerUnexpected(address caller);

    uint256 private constant SWAP_FEE = 1e16;

    IFundedVault private immutable _vault;
    address private transient _payer;

    constructor(IFundedVault vault) {
        _vault = vault;
    }

    /// @notice Deposits once, from the caller's allowance
    /// @param tokens Two to eight, in the order of their addresses
    /// @param amounts Base units
    function fund(IERC20[] calldata tokens, uint256[] calldata amounts) external {
        IFundedVault.TokenConfig[] memory configs = new IFundedVault.TokenConfig[](tokens.length);
        for (uint256 i = 0; i < tokens.length; i++) {
            configs[i].token = tokens[i];
        }
        IFundedVault.PoolRoleAccounts memory roles;
        IFundedVault.LiquidityManagement memory management;
        _vault.registerPool(address(this), configs, SWAP_FEE, 0, true, roles, address(0), management);
        _payer = msg.sender;
        _vault.unlock(abi.encodeCall(this.deposit, (tokens, amounts)));
        _payer = address(0);
    }

    /// @notice The Vault's callback
    function deposit(IERC20[] calldata tokens, uint256[] calldata amounts) external {
        if (msg.sender != address(_vault) || _payer == address(0)) revert CallerUnexpected(msg.sender);
        for (uint256 i = 0; i < tokens.length; i++) {
            tokens[i].safeTransferFrom(_payer, msg.sender, amounts[i]);
            _vault.settle(tokens[i], amounts[i]);
        }
        _vault.initialize(address(this), address(this), tokens, amounts, 0, "");
    }

    /// @notice What the Vault takes for the number of the pool's shares
    function computeInvariant(uint256[] calldata, uint8) external pure returns (uint256) {
        return 1e18;
    }

    function getMinimumSwapFeePercentage() external pure returns (uint256) {
        return SWAP_FEE;
    }

    function getMaximumSwapFeePercentage() external pure returns (uint256) {
        return SWAP_FEE;
    }

    /// @notice The Vault keeps the pool's shares and asks it to tell of them; nobody listens
    function emitTransfer(address, address, uint256) external pure {}

    function emitApproval(address, address, uint256) external pure {}
}
