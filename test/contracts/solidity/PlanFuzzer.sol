// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface IExecutes {
    function execute(bytes calldata plan) external returns (uint256 profit, uint256 gasUsed);
}

/// @title An operator that sends many plans in one call and looks after each what the executor still has.
contract PlanFuzzer {
    uint256 private constant GAS = 3_000_000;

    /// @return executed how many plans succeeded
    /// @return fault one more than the place of the first plan that lowered a balance or left an allowance; 0 for none
    function run(IExecutes executor, bytes[] calldata plans, address[] calldata tokens, address[] calldata spenders)
        external
        returns (uint256 executed, uint256 fault)
    {
        uint256[] memory before = _holdings(address(executor), tokens);
        for (uint256 i = 0; i < plans.length; i++) {
            try executor.execute{gas: GAS}(plans[i]) {
                executed++;
            } catch {
                continue;
            }
            uint256[] memory current = _holdings(address(executor), tokens);
            for (uint256 j = 0; j < current.length; j++) {
                if (current[j] < before[j]) return (executed, i + 1);
            }
            if (_allows(address(executor), tokens, spenders)) return (executed, i + 1);
            before = current;
        }
    }

    function _holdings(address executor, address[] calldata tokens) private view returns (uint256[] memory amounts) {
        amounts = new uint256[](tokens.length + 1);
        for (uint256 i = 0; i < tokens.length; i++) amounts[i] = IERC20(tokens[i]).balanceOf(executor);
        amounts[tokens.length] = executor.balance;
    }

    function _allows(address executor, address[] calldata tokens, address[] calldata spenders)
        private
        view
        returns (bool)
    {
        for (uint256 i = 0; i < tokens.length; i++) {
            for (uint256 j = 0; j < spenders.length; j++) {
                if (IERC20(tokens[i]).allowance(executor, spenders[j]) != 0) return true;
            }
        }
        return false;
    }
}
