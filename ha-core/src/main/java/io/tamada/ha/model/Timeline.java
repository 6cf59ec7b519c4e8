package io.tamada.ha.model;

/// A PostgreSQL timeline: starts at 1 and grows by every promotion.
public record Timeline(int value) implements Comparable<Timeline> {

    public static final Timeline FIRST = new Timeline(1);

    public Timeline {
        if (value < 1) {
            throw new IllegalArgumentException("timeline: " + value + " is not positive");
        }
    }

    public static Timeline of(int value) {
        return new Timeline(value);
    }

    @Override
    public int compareTo(Timeline other) {
        return Integer.compare(value, other.value);
    }

    public boolean isBefore(Timeline other) {
        return value < other.value;
    }

    public boolean isAfter(Timeline other) {
        return value > other.value;
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
