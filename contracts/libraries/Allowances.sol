// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title No allowance outlives the call it was made for.
library Allowances {
    using SafeERC20 for IERC20;

    /// @dev Takes back what `spender` left unspent. Some tokens refuse an approval of 0, so it is made only where needed.
    function revoke(address token, address spender) internal {
        if (IERC20(token).allowance(address(this), spender) != 0) IERC20(token).forceApprove(spender, 0);
    }
}
