// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title Plays any part: pool, lender, vault, hook, builder or thief.
/// @dev For each function it is told which calls to make and how to answer. What came of the calls is kept, so that a
/// test can see that an attack was really tried and how it ended.
contract Puppet {
    struct Step {
        address to;
        uint256 value;
        bytes data;
    }

    struct Result {
        bool success;
        bytes data;
    }

    /// @dev What a played function ends with.
    uint8 private constant RETURNS = 0;
    uint8 private constant REVERTS = 1;
    /// @dev Burns all gas it was given.
    uint8 private constant BURNS = 2;
    /// @dev Returns, or reverts with, a megabyte.
    uint8 private constant RETURN_BOMB = 3;
    uint8 private constant REVERT_BOMB = 4;
    /// @dev Reverts with what its last step reverted with, if it did.
    uint8 private constant BUBBLES = 5;

    struct Role {
        Step[] steps;
        uint8 ending;
        bytes answer;
    }

    mapping(bytes4 selector => Role) private _roles;
    Result[] private _results;

    /// @notice Rehearses what to do when `selector` is called.
    function play(bytes4 selector, Step[] calldata steps, uint8 ending, bytes calldata answer) external {
        delete _roles[selector];
        Role storage role = _roles[selector];
        for (uint256 i = 0; i < steps.length; i++) role.steps.push(steps[i]);
        (role.ending, role.answer) = (ending, answer);
    }

    /// @notice Makes a call at once; reverts where it does.
    function act(address to, uint256 value, bytes calldata data) external payable {
        (bool success, bytes memory answer) = to.call{value: value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// @notice What came of the steps, in order.
    function results() external view returns (Result[] memory) {
        return _results;
    }

    receive() external payable {
        _perform();
    }

    fallback() external payable {
        _perform();
    }

    function _perform() private {
        Role storage role = _roles[msg.sig];
        bytes memory last;
        bool failed;
        for (uint256 i = 0; i < role.steps.length; i++) {
            Step storage step = role.steps[i];
            (bool success, bytes memory data) = step.to.call{value: step.value}(step.data);
            _results.push(Result(success, data));
            if (!success) (failed, last) = (true, data);
        }
        _end(role.ending, failed && role.ending == BUBBLES ? last : role.answer, failed);
    }

    function _end(uint8 ending, bytes memory answer, bool failed) private pure {
        if (ending == BURNS) {
            while (true) {}
        }
        if (ending == RETURN_BOMB) {
            assembly ("memory-safe") {
                return(0, 1000000)
            }
        }
        if (ending == REVERT_BOMB) {
            assembly ("memory-safe") {
                revert(0, 1000000)
            }
        }
        if (ending == REVERTS || (ending == BUBBLES && failed)) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        assembly ("memory-safe") {
            return(add(answer, 0x20), mload(answer))
        }
    }
}
