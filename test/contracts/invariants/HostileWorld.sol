// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

interface IToken {
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title An ERC-20, wrapped coin included, that may call somebody back from within each transfer.
contract Token {
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    HostilePool private _called;
    /// @dev Takes a hundredth more than it was told.
    bool private _takesMore;

    function behave(HostilePool called, bool takesMore) external {
        (_called, _takesMore) = (called, takesMore);
    }

    function mint(address to, uint256 value) external {
        balanceOf[to] += value;
    }

    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
    }

    function withdraw(uint256 value) external {
        balanceOf[msg.sender] -= value;
        (bool success,) = msg.sender.call{value: value}("");
        require(success);
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowance[from][msg.sender] -= value;
        _move(from, to, value);
        return true;
    }

    function _move(address from, address to, uint256 value) private {
        if (address(_called) != address(0)) _called.strike();
        balanceOf[from] -= _takesMore ? value + value / 100 : value;
        balanceOf[to] += value;
    }
}

/// @title Plays every pool and lender there is, honest more often than not.
/// @dev What it does next comes out of a seed. It has stock of all tokens, so that honest it can pay.
contract HostilePool {
    address private immutable _executor;
    Token[] private _tokens;
    uint256 private _seed;
    bytes private _plan;
    bool private _striking;

    constructor(address executor, Token[] memory tokens) {
        (_executor, _tokens) = (executor, tokens);
    }

    receive() external payable {}

    function reseed(uint256 seed, bytes calldata plan) external {
        (_seed, _plan) = (seed, plan);
    }

    /// @dev Tries to get in by whatever door, and to pull whatever it may.
    function strike() public {
        if (_striking) return;
        _striking = true;
        uint256 amount = _draw(3) == 0 ? 1 ether : _draw(2000) * 1e18;
        uint256 door = _draw(16);
        bytes memory data;
        if (door == 0) data = abi.encodeWithSignature("execute(bytes)", _plan);
        if (door == 1) data = abi.encodeWithSignature("uniswapV3SwapCallback(int256,int256,bytes)", amount, 0, "");
        if (door == 2) data = abi.encodeWithSignature("algebraSwapCallback(int256,int256,bytes)", 0, amount, "");
        if (door == 3) data = abi.encodeWithSignature("unlockCallback(bytes)", _plan);
        if (door == 4) data = abi.encodeWithSignature("onMorphoFlashLoan(uint256,bytes)", amount, _plan);
        if (door == 5) {
            data = abi.encodeWithSignature("uniswapV2Call(address,uint256,uint256,bytes)", this, amount, amount, _plan);
        }
        if (door == 6) {
            data = abi.encodeWithSignature(
                "receiveFlashLoan(address[],uint256[],uint256[],bytes)",
                new address[](1),
                new uint256[](1),
                new uint256[](1),
                _plan
            );
        }
        if (door == 7) {
            data = abi.encodeWithSignature(
                "executeOperation(address,uint256,uint256,address,bytes)", this, amount, 0, _executor, _plan
            );
        }
        if (door == 8) data = abi.encodeWithSignature("balancerV3UnlockCallback(bytes)", _plan);
        if (door == 9) data = abi.encodeWithSignature("uniswapV3FlashCallback(uint256,uint256,bytes)", 0, 0, _plan);
        if (door == 10) {
            data = abi.encodeWithSignature("withdraw(address,address,uint256)", _tokens[_draw(4)], this, amount);
        }
        if (door == 11) data = abi.encodeWithSignature("withdrawNative(address,uint256)", this, amount);
        if (door == 12) data = abi.encodeWithSignature("addOperator(address)", this);
        (bool success,) = _executor.call(data);
        success;
        _pull();
        _striking = false;
    }

    /// @dev Pairs.
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external {
        _mayStrike();
        uint256 amount = amount0Out + amount1Out;
        _pay(to, _goodEnough(amount));
        if (data.length > 0) {
            _callBack(
                abi.encodeWithSignature(
                    "uniswapV2Call(address,uint256,uint256,bytes)", msg.sender, amount0Out, amount1Out, data
                )
            );
        }
    }

    function getReserves() external view returns (uint256, uint256, uint256) {
        return (_draw2(1e24), _draw2(1e24) + 1, 0);
    }

    function getAmountOut(uint256 amountIn, address) external view returns (uint256) {
        return amountIn + _draw2(1e18);
    }

    /// @dev V3 pools.
    function swap(address recipient, bool, int256 amountSpecified, uint160, bytes calldata)
        external
        returns (int256, int256)
    {
        _mayStrike();
        _pay(recipient, _goodEnough(uint256(amountSpecified)));
        uint256 asked = _draw(8) == 0 ? uint256(amountSpecified) + 1 + _draw(100) : uint256(amountSpecified);
        if (asked != 0) {
            _callBack(abi.encodeWithSignature("uniswapV3SwapCallback(int256,int256,bytes)", asked, -1, ""));
        }
        return (0, 0);
    }

    function flash(address recipient, uint256 amount0, uint256 amount1, bytes calldata data) external {
        _pay(recipient, _lent(amount0 + amount1));
        _callBack(
            abi.encodeWithSignature("uniswapV3FlashCallback(uint256,uint256,bytes)", _premium(), _premium(), data)
        );
    }

    /// @dev PoolManager of V4, Vault of Balancer V3.
    function unlock(bytes calldata data) external returns (bytes memory) {
        _mayStrike();
        bytes memory call = data;
        if (bytes4(data) == bytes4(keccak256("balancerV3UnlockCallback(bytes)"))) _callBack(call);
        else _callBack(abi.encodeWithSignature("unlockCallback(bytes)", data));
        return "";
    }

    struct PoolKey {
        address currency0;
        address currency1;
        uint24 fee;
        int24 tickSpacing;
        address hooks;
    }

    struct SwapParams {
        bool zeroForOne;
        int256 amountSpecified;
        uint160 sqrtPriceLimitX96;
    }

    function swap(PoolKey calldata, SwapParams calldata params, bytes calldata) external returns (int256) {
        _mayStrike();
        int256 owed = params.amountSpecified;
        if (_draw(8) == 0) owed -= int256(_draw(100) * 1e18);
        int256 due = int256(_goodEnough(uint256(-params.amountSpecified)));
        (int256 delta0, int256 delta1) = params.zeroForOne ? (owed, due) : (due, owed);
        return (delta0 << 128) | int256(uint256(uint128(int128(delta1))));
    }

    function sync(address) external {
        _mayStrike();
    }

    function settle() external payable returns (uint256) {
        _mayStrike();
        return 0;
    }

    function settle(address, uint256 amount) external pure returns (uint256) {
        return amount;
    }

    function take(address currency, address to, uint256 amount) external {
        _send(currency, to, _lent(amount));
    }

    function sendTo(address token, address to, uint256 amount) external {
        _send(token, to, _lent(amount));
    }

    struct SingleSwap {
        bytes32 poolId;
        uint8 kind;
        address assetIn;
        address assetOut;
        uint256 amount;
        bytes userData;
    }

    struct FundManagement {
        address sender;
        bool fromInternalBalance;
        address recipient;
        bool toInternalBalance;
    }

    /// @dev Balancer V2's Vault.
    function swap(SingleSwap calldata single, FundManagement calldata funds, uint256, uint256)
        external
        payable
        returns (uint256)
    {
        _mayStrike();
        _send(single.assetOut, funds.recipient, _goodEnough(single.amount));
        if (_draw(4) != 0) _pull();
        return 0;
    }

    function flashLoan(address recipient, address[] calldata tokens, uint256[] calldata amounts, bytes calldata data)
        external
    {
        _send(tokens[0], recipient, _lent(amounts[0]));
        uint256[] memory fees = new uint256[](1);
        fees[0] = _premium();
        _callBack(
            abi.encodeWithSignature(
                "receiveFlashLoan(address[],uint256[],uint256[],bytes)", tokens, amounts, fees, data
            )
        );
    }

    /// @dev Morpho Blue.
    function flashLoan(address token, uint256 amount, bytes calldata data) external {
        _send(token, msg.sender, _lent(amount));
        _callBack(abi.encodeWithSignature("onMorphoFlashLoan(uint256,bytes)", amount, data));
        if (_draw(4) != 0) _pull();
    }

    /// @dev Aave V3.
    function flashLoanSimple(address receiver, address asset, uint256 amount, bytes calldata data, uint16) external {
        _send(asset, receiver, _lent(amount));
        _callBack(
            abi.encodeWithSignature(
                "executeOperation(address,uint256,uint256,address,bytes)", asset, amount, _premium(), receiver, data
            )
        );
        if (_draw(4) != 0) _pull();
    }

    /// @dev Once, hardly ever twice, not at all, or by the function of another lender, which approves it.
    function _callBack(bytes memory call) private {
        uint256 times = _draw(12);
        if (times == 0) return;
        if (times == 3) call = abi.encodeWithSignature("onMorphoFlashLoan(uint256,bytes)", 0, _plan);
        _call(call);
        if (times == 1) _call(call);
        if (times == 2) strike();
    }

    /// @dev Passes on what went wrong, mostly.
    function _call(bytes memory call) private {
        (bool success,) = msg.sender.call(call);
        require(success || _draw(4) == 0, "callback");
    }

    /// @dev Takes all that it was allowed.
    function _pull() private {
        for (uint256 i = 0; i < _tokens.length; i++) {
            uint256 allowed = _tokens[i].allowance(_executor, address(this));
            if (allowed == 0) continue;
            try _tokens[i].transferFrom(_executor, address(this), allowed) {} catch {}
        }
    }

    /// @dev Of which token a pair or a V3 pool is does not matter: it pays what the plan says comes next, or another.
    function _pay(address to, uint256 amount) private {
        _send(address(_tokens[_outToken]), to, amount);
    }

    uint256 private _outToken;

    function trades(uint256 outToken) external {
        _outToken = outToken;
    }

    function _send(address token, address to, uint256 amount) private {
        if (token == address(0)) {
            (bool success,) = to.call{value: amount > address(this).balance ? address(this).balance : amount}("");
            success;
            return;
        }
        try IToken(token).transfer(to, amount) {} catch {}
    }

    function _goodEnough(uint256 amount) private returns (uint256) {
        uint256 kind = _draw(6);
        if (kind == 0) return amount / 2;
        return amount + _draw(100) * 1e15;
    }

    function _lent(uint256 amount) private returns (uint256) {
        return _draw(10) == 0 ? amount / 2 : amount;
    }

    function _premium() private returns (uint256) {
        return _draw(4) == 0 ? _draw(100) * 1e16 : 0;
    }

    function _mayStrike() private {
        if (_draw(6) == 0) strike();
    }

    function _draw(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }

    function _draw2(uint256 below) private view returns (uint256) {
        return uint256(keccak256(abi.encode(_seed, below))) % below;
    }
}
