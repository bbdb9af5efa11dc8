// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title Borrows, swaps along a cycle, repays, checks the profit and keeps it.
/// @notice The owner (a cold key) names operators (hot keys). An operator can do nothing but trade: whatever plan it
/// sends, no balance of the executor falls.
interface IExecutor {
    /// @notice An operator was named.
    event OperatorAdded(address indexed operator);

    /// @notice An operator was dismissed.
    event OperatorRemoved(address indexed operator);

    /// @notice A cycle was traded. Amounts are base units of `token`; `profit` is what is left after premium and tip.
    event Executed(
        address indexed operator, address indexed token, uint256 amountIn, uint256 profit, uint256 tip
    );

    /// @notice The owner took tokens out; `token` zero is the native coin.
    event Withdrawn(address indexed token, address indexed to, uint256 amount);

    /// @notice Only operators may execute.
    error NotOperator(address caller);

    /// @notice The plan's bytes are no plan.
    error PlanMalformed();

    /// @notice The plan was made for another chain.
    error WrongChain(uint256 chainId);

    /// @notice The plan's last second has passed.
    error Expired(uint256 deadline);

    /// @notice This block is not one the plan names.
    error WrongBlock(uint256 firstBlock, uint256 lastBlock);

    /// @notice The profit after premium and tip is below what the plan asks for. `profit` is negative for a loss.
    error ProfitTooLow(int256 profit, uint256 minProfit);

    /// @notice A pool reverted, or broke a rule of its hop; `reason` is the beginning of what it returned.
    error HopFailed(uint256 hop, bytes reason);

    /// @notice A hop paid less than the plan accepts.
    error HopShort(uint256 hop, uint256 received, uint256 least);

    /// @notice Selling took more of the token than the hop before had brought: some of what the executor owned itself.
    error BalanceFell(uint256 hop, address token);

    /// @notice The lender reverted before or after the trade; `reason` is the beginning of what it returned.
    error LoanFailed(bytes reason);

    /// @notice The lender returned without lending: it never called back.
    error LoanMissing();

    /// @notice Somebody called back whom nobody asked, or with other data, or for more than the hop may cost.
    error UnexpectedCallback(address caller);

    /// @notice The tip was not accepted, or the profit is not in the wrapped native coin.
    error TipFailed(address to, uint256 amount);

    /// @notice The native coin could not be sent.
    error WithdrawalFailed(address to, uint256 amount);

    /// @notice The owner cannot be nobody: what the executor holds would be lost.
    error OwnershipNotRenounceable();

    /// @notice Trades one cycle. Only operators, not while paused, in the plan's chain, blocks and time.
    /// @param plan packed, see libraries/PlanReader.sol
    /// @return profit base units of the plan's token, after premium and tip
    /// @return gasUsed by this call before refunds: what a simulation needs for the gas limit
    function execute(bytes calldata plan) external returns (uint256 profit, uint256 gasUsed);

    /// @notice Names an operator. Only the owner.
    function addOperator(address operator) external;

    /// @notice Dismisses an operator. Only the owner, paused or not.
    function removeOperator(address operator) external;

    /// @notice Whether this account may execute.
    function isOperator(address account) external view returns (bool);

    /// @notice Stops `execute`. Only the owner.
    function pause() external;

    /// @notice Allows `execute` again. Only the owner.
    function unpause() external;

    /// @notice Takes tokens out, paused or not, even where the token answers `false` or nothing at all. Only the owner.
    function withdraw(address token, address to, uint256 amount) external;

    /// @notice Takes the native coin out, paused or not. Only the owner.
    function withdrawNative(address to, uint256 amount) external;
}
