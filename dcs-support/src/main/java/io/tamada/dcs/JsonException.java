package io.tamada.dcs;

/// A text is not the JSON that was expected. The message says where and what, and never quotes the
/// text.
public final class JsonException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public JsonException(String message) {
        super(message);
    }

    JsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
