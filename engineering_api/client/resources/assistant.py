"""AI Assistant: a language model of the user's choice that works on the project with the service's own tools.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.assistant.assistant_operations import (
    Chat,
    Describe,
    Earlier,
    Models,
    ProjectKey,
    Removed,
    SaveSettings,
    SettingsInfo,
    Stop,
    Stopped,
    TurnAddress,
)
from engineering_api.features.assistant.history import Said
from engineering_api.features.assistant.turn import TurnInfo
from engineering_api.features.assistant.writing import Written
from engineering_api.operations.declaration import Nothing


class Assistant(Resource):
    """AI Assistant: a language model of the user's choice that works on the project with the service's own tools."""

    def chat(
        self,
        *,
        message: str,
        history: list[Earlier] | None = None,
        project_key: str = "",
        locale: str = "en",
        allow_changes: bool = False,
        confirmed: list[str] | None = None,
    ) -> TurnInfo:
        """Ask the assistant. The answer follows as events: of the turn's own stream, of /api/events, and of `assistanthub`.

        The assistant reads with the caller's rights; it changes nothing unless `allowChanges` is set. What removes something
        or reaches a PLC is only previewed, and made when the token of its preview comes back in `confirmed`. Without a
        language model the answer says so, and offers what a search of documentation and operations finds.

        Args:
            message: What the user says.
            history: The conversation so far; by default the one that is kept.
            project_key: Whose conversation it belongs to, such as the project's file.
            locale: Language of the answer, such as en or de-DE.
            allow_changes: Whether tools may change something in this turn. They only read by default.
            confirmed: Tokens of previewed changes that the user agreed to, from `pending` of an earlier turn.
        """
        return self._client.run(
            "assistant.chat",
            Chat(
                message=message,
                history=history,
                project_key=project_key,
                locale=locale,
                allow_changes=allow_changes,
                confirmed=confirmed or [],
            ),
            TurnInfo,
        )

    def turn(self, *, turn_id: str) -> TurnInfo:
        """Get a turn as it is now: whether it is done, what was said, what tools were called, how many tokens it took.

        Args:
            turn_id: The turn's id.
        """
        return self._client.run("assistant.turn", TurnAddress(turn_id=turn_id), TurnInfo)

    def history(self, *, project_key: str = "") -> list[Said]:
        """Get the conversation about a project, oldest contribution first.

        Args:
            project_key: Whose conversation it is, such as the project's file.
        """
        return self._client.run("assistant.history", ProjectKey(project_key=project_key), list[Said])

    def forget(self, *, project_key: str = "") -> Removed:
        """Remove the conversation about a project.

        Args:
            project_key: Whose conversation it is, such as the project's file.
        """
        return self._client.run("assistant.forget", ProjectKey(project_key=project_key), Removed)

    def stop(self, *, turn_id: str | None = None, project_key: str | None = None) -> Stopped:
        """Stop the assistant at once, in the middle of a sentence too. What its tools have done stays.

        Args:
            turn_id: Only this turn.
            project_key: Only those of this project.
        """
        return self._client.run("assistant.stop", Stop(turn_id=turn_id, project_key=project_key), Stopped)

    def models(
        self,
        *,
        provider: str | UnsetType = UNSET,
        endpoint: str | UnsetType = UNSET,
        api_key: str = "",
        model: str | None | UnsetType = UNSET,
    ) -> list[str]:
        """List the models that the provider offers. Another provider than the one that is set up can be named, to try it.

        Args:
            provider: Who offers the model: openai, anthropic, gemini, groq, mistral, ollama, vllm, custom,
                custom-anthropic; empty for none.
            endpoint: Base address, such as http://127.0.0.1:11434/v1; empty for the provider's usual one.
            api_key: The key for that address; kept encrypted, never told.
            model: The chosen model; it does not matter here.
        """
        return self._client.run(
            "assistant.models", Models(provider=provider, endpoint=endpoint, api_key=api_key, model=model), list[str]
        )

    def settings(self) -> SettingsInfo:
        """Get the settings of the assistant: provider, address, model, limits. The key is never told."""
        return self._client.run("assistant.settings", Nothing(), SettingsInfo)

    def save_settings(
        self,
        *,
        provider: str | UnsetType = UNSET,
        endpoint: str | UnsetType = UNSET,
        model: str | UnsetType = UNSET,
        api_key: str = "",
        forget_key: bool = False,
        temperature: float | None | UnsetType = UNSET,
        max_tokens: int | UnsetType = UNSET,
        max_total_tokens: int | UnsetType = UNSET,
        max_context: int | UnsetType = UNSET,
        max_rounds: int | UnsetType = UNSET,
        max_tool_calls: int | UnsetType = UNSET,
        max_seconds: float | UnsetType = UNSET,
        max_silence: float | UnsetType = UNSET,
    ) -> SettingsInfo:
        """Change the settings of the assistant. A key belongs to its address: where the address changes, it is entered anew.

        Args:
            provider: Who offers the model: openai, anthropic, gemini, groq, mistral, ollama, vllm, custom,
                custom-anthropic; empty for none.
            endpoint: Base address, such as http://127.0.0.1:11434/v1; empty for the provider's usual one.
            model: The model, by the provider's name for it.
            api_key: The key for that address; kept encrypted, never told. Empty to keep the one that is there, unless
                the address changes.
            forget_key: Whether the key is removed.
            temperature: How freely the model chooses its words; null for its usual way.
            max_tokens: Tokens of one answer of the model.
            max_total_tokens: Tokens of all prompts and answers of a turn.
            max_context: Tokens of a conversation that the model can hold; older answers of tools go.
            max_rounds: How often the model is asked in a turn.
            max_tool_calls: How many tools are called in a turn.
            max_seconds: Seconds that a turn may take.
            max_silence: Seconds that the model may take to its next word.
        """
        return self._client.run(
            "assistant.save_settings",
            SaveSettings(
                provider=provider,
                endpoint=endpoint,
                model=model,
                api_key=api_key,
                forget_key=forget_key,
                temperature=temperature,
                max_tokens=max_tokens,
                max_total_tokens=max_total_tokens,
                max_context=max_context,
                max_rounds=max_rounds,
                max_tool_calls=max_tool_calls,
                max_seconds=max_seconds,
                max_silence=max_silence,
            ),
            SettingsInfo,
        )

    def write_block(
        self,
        *,
        device_name: str,
        block_name: str,
        description: str,
        block_type: Literal["FB", "FC", "OB", "DB"] = "FB",
        language: str = "SCL",
    ) -> Written:
        """Let the language model write a block from a description, and generate it. Refused where no model is set up.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: The block's name.
            block_type: Kind of the block.
            description: What the block does, in anybody's words.
            language: SCL or STL.
        """
        return self._client.run(
            "assistant.write_block",
            Describe(
                device_name=device_name,
                block_name=block_name,
                block_type=block_type,
                description=description,
                language=language,
            ),
            Written,
        )


class AsyncAssistant(AsyncResource):
    """AI Assistant: a language model of the user's choice that works on the project with the service's own tools."""

    async def chat(
        self,
        *,
        message: str,
        history: list[Earlier] | None = None,
        project_key: str = "",
        locale: str = "en",
        allow_changes: bool = False,
        confirmed: list[str] | None = None,
    ) -> TurnInfo:
        """Ask the assistant. The answer follows as events: of the turn's own stream, of /api/events, and of `assistanthub`.

        The assistant reads with the caller's rights; it changes nothing unless `allowChanges` is set. What removes something
        or reaches a PLC is only previewed, and made when the token of its preview comes back in `confirmed`. Without a
        language model the answer says so, and offers what a search of documentation and operations finds.

        Args:
            message: What the user says.
            history: The conversation so far; by default the one that is kept.
            project_key: Whose conversation it belongs to, such as the project's file.
            locale: Language of the answer, such as en or de-DE.
            allow_changes: Whether tools may change something in this turn. They only read by default.
            confirmed: Tokens of previewed changes that the user agreed to, from `pending` of an earlier turn.
        """
        return await self._client.run(
            "assistant.chat",
            Chat(
                message=message,
                history=history,
                project_key=project_key,
                locale=locale,
                allow_changes=allow_changes,
                confirmed=confirmed or [],
            ),
            TurnInfo,
        )

    async def turn(self, *, turn_id: str) -> TurnInfo:
        """Get a turn as it is now: whether it is done, what was said, what tools were called, how many tokens it took.

        Args:
            turn_id: The turn's id.
        """
        return await self._client.run("assistant.turn", TurnAddress(turn_id=turn_id), TurnInfo)

    async def history(self, *, project_key: str = "") -> list[Said]:
        """Get the conversation about a project, oldest contribution first.

        Args:
            project_key: Whose conversation it is, such as the project's file.
        """
        return await self._client.run("assistant.history", ProjectKey(project_key=project_key), list[Said])

    async def forget(self, *, project_key: str = "") -> Removed:
        """Remove the conversation about a project.

        Args:
            project_key: Whose conversation it is, such as the project's file.
        """
        return await self._client.run("assistant.forget", ProjectKey(project_key=project_key), Removed)

    async def stop(self, *, turn_id: str | None = None, project_key: str | None = None) -> Stopped:
        """Stop the assistant at once, in the middle of a sentence too. What its tools have done stays.

        Args:
            turn_id: Only this turn.
            project_key: Only those of this project.
        """
        return await self._client.run("assistant.stop", Stop(turn_id=turn_id, project_key=project_key), Stopped)

    async def models(
        self,
        *,
        provider: str | UnsetType = UNSET,
        endpoint: str | UnsetType = UNSET,
        api_key: str = "",
        model: str | None | UnsetType = UNSET,
    ) -> list[str]:
        """List the models that the provider offers. Another provider than the one that is set up can be named, to try it.

        Args:
            provider: Who offers the model: openai, anthropic, gemini, groq, mistral, ollama, vllm, custom,
                custom-anthropic; empty for none.
            endpoint: Base address, such as http://127.0.0.1:11434/v1; empty for the provider's usual one.
            api_key: The key for that address; kept encrypted, never told.
            model: The chosen model; it does not matter here.
        """
        return await self._client.run(
            "assistant.models", Models(provider=provider, endpoint=endpoint, api_key=api_key, model=model), list[str]
        )

    async def settings(self) -> SettingsInfo:
        """Get the settings of the assistant: provider, address, model, limits. The key is never told."""
        return await self._client.run("assistant.settings", Nothing(), SettingsInfo)

    async def save_settings(
        self,
        *,
        provider: str | UnsetType = UNSET,
        endpoint: str | UnsetType = UNSET,
        model: str | UnsetType = UNSET,
        api_key: str = "",
        forget_key: bool = False,
        temperature: float | None | UnsetType = UNSET,
        max_tokens: int | UnsetType = UNSET,
        max_total_tokens: int | UnsetType = UNSET,
        max_context: int | UnsetType = UNSET,
        max_rounds: int | UnsetType = UNSET,
        max_tool_calls: int | UnsetType = UNSET,
        max_seconds: float | UnsetType = UNSET,
        max_silence: float | UnsetType = UNSET,
    ) -> SettingsInfo:
        """Change the settings of the assistant. A key belongs to its address: where the address changes, it is entered anew.

        Args:
            provider: Who offers the model: openai, anthropic, gemini, groq, mistral, ollama, vllm, custom,
                custom-anthropic; empty for none.
            endpoint: Base address, such as http://127.0.0.1:11434/v1; empty for the provider's usual one.
            model: The model, by the provider's name for it.
            api_key: The key for that address; kept encrypted, never told. Empty to keep the one that is there, unless
                the address changes.
            forget_key: Whether the key is removed.
            temperature: How freely the model chooses its words; null for its usual way.
            max_tokens: Tokens of one answer of the model.
            max_total_tokens: Tokens of all prompts and answers of a turn.
            max_context: Tokens of a conversation that the model can hold; older answers of tools go.
            max_rounds: How often the model is asked in a turn.
            max_tool_calls: How many tools are called in a turn.
            max_seconds: Seconds that a turn may take.
            max_silence: Seconds that the model may take to its next word.
        """
        return await self._client.run(
            "assistant.save_settings",
            SaveSettings(
                provider=provider,
                endpoint=endpoint,
                model=model,
                api_key=api_key,
                forget_key=forget_key,
                temperature=temperature,
                max_tokens=max_tokens,
                max_total_tokens=max_total_tokens,
                max_context=max_context,
                max_rounds=max_rounds,
                max_tool_calls=max_tool_calls,
                max_seconds=max_seconds,
                max_silence=max_silence,
            ),
            SettingsInfo,
        )

    async def write_block(
        self,
        *,
        device_name: str,
        block_name: str,
        description: str,
        block_type: Literal["FB", "FC", "OB", "DB"] = "FB",
        language: str = "SCL",
    ) -> Written:
        """Let the language model write a block from a description, and generate it. Refused where no model is set up.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: The block's name.
            block_type: Kind of the block.
            description: What the block does, in anybody's words.
            language: SCL or STL.
        """
        return await self._client.run(
            "assistant.write_block",
            Describe(
                device_name=device_name,
                block_name=block_name,
                block_type=block_type,
                description=description,
                language=language,
            ),
            Written,
        )
