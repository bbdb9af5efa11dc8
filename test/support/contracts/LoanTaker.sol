// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

interface IToken {
    function balanceOf(address) external view returns (uint256);
    function transfer(address, uint256) external returns (bool);
    function approve(address, uint256) external returns (bool);
}

interface ILender {
    function flashLoan(address recipient, address[] memory tokens, uint256[] memory amounts, bytes memory data) external;
    function flashLoan(address token, uint256 amount, bytes calldata data) external;
    function flashLoanSimple(address receiver, address asset, uint256 amount, bytes calldata params, uint16 code) external;
    function flash(address recipient, uint256 amount0, uint256 amount1, bytes calldata data) external;
    function unlock(bytes calldata data) external returns (bytes memory);
    function sync(address currency) external;
    function settle() external payable returns (uint256);
    function settle(address token, uint256 amountHint) external returns (uint256);
    function sendTo(address token, address to, uint256 amount) external;
    function take(address currency, address to, uint256 amount) external;
}

/// @title Borrows, does nothing and pays back what is asked for: how much its balance fell is the premium
contract LoanTaker {
    IToken private token;
    uint256 private borrowed;

    /// @return premium in base units
    function balancerV2(ILender lender, IToken token_, uint256 amount) external returns (uint256 premium) {
        uint256 before = _begin(token_, amount);
        address[] memory tokens = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (tokens[0], amounts[0]) = (address(token_), amount);
        lender.flashLoan(address(this), tokens, amounts, "");
        return before - token_.balanceOf(address(this));
    }

    function morpho(ILender lender, IToken token_, uint256 amount) external returns (uint256 premium) {
        uint256 before = _begin(token_, amount);
        lender.flashLoan(address(token_), amount, "");
        return before - token_.balanceOf(address(this));
    }

    function aaveV3(ILender lender, IToken token_, uint256 amount) external returns (uint256 premium) {
        uint256 before = _begin(token_, amount);
        lender.flashLoanSimple(address(this), address(token_), amount, "", 0);
        return before - token_.balanceOf(address(this));
    }

    function uniswapV3(ILender lender, IToken token_, uint256 amount, bool lendsToken1)
        external
        returns (uint256 premium)
    {
        uint256 before = _begin(token_, amount);
        lender.flash(address(this), lendsToken1 ? 0 : amount, lendsToken1 ? amount : 0, "");
        return before - token_.balanceOf(address(this));
    }

    function uniswapV4(ILender lender, IToken token_, uint256 amount) external returns (uint256 premium) {
        uint256 before = _begin(token_, amount);
        lender.unlock("");
        return before - token_.balanceOf(address(this));
    }

    function balancerV3(ILender lender, IToken token_, uint256 amount) external returns (uint256 premium) {
        uint256 before = _begin(token_, amount);
        lender.unlock(abi.encodeCall(this.balancerV3Callback, ()));
        return before - token_.balanceOf(address(this));
    }

    function receiveFlashLoan(address[] memory, uint256[] memory, uint256[] memory fees, bytes memory) external {
        token.transfer(msg.sender, borrowed + fees[0]);
    }

    function onMorphoFlashLoan(uint256, bytes calldata) external {
        token.approve(msg.sender, borrowed);
    }

    function executeOperation(address, uint256, uint256 premium, address, bytes calldata) external returns (bool) {
        return token.approve(msg.sender, borrowed + premium);
    }

    function uniswapV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata) external {
        token.transfer(msg.sender, borrowed + fee0 + fee1);
    }

    function unlockCallback(bytes calldata) external returns (bytes memory) {
        ILender manager = ILender(msg.sender);
        manager.take(address(token), address(this), borrowed);
        manager.sync(address(token));
        token.transfer(msg.sender, borrowed);
        manager.settle();
        return "";
    }

    function balancerV3Callback() external {
        ILender vault = ILender(msg.sender);
        vault.sendTo(address(token), address(this), borrowed);
        token.transfer(msg.sender, borrowed);
        vault.settle(address(token), borrowed);
    }

    function _begin(IToken token_, uint256 amount) private returns (uint256 balance) {
        (token, borrowed) = (token_, amount);
        return token_.balanceOf(address(this));
    }
}
