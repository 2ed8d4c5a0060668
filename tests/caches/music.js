// What Relay's compiler makes the queries of its test from.

import { graphql } from "relay-runtime";

export const albums = graphql`
  query musicAlbumsQuery {
    albums {
      id
      title
      price
      plays
      extras
      label {
        id
        name
      }
      artists {
        id
        name
      }
      home {
        street
        city
      }
    }
  }
`;

export const album = graphql`
  query musicAlbumQuery($id: ID!) {
    album(id: $id) {
      id
      title
    }
  }
`;

export const byLabel = graphql`
  query musicByLabelQuery($label: ID) {
    albumsByLabel(label: $label) {
      id
      title
    }
  }
`;

export const search = graphql`
  query musicSearchQuery($text: String!) {
    searchAlbums(text: $text) {
      id
      title
    }
  }
`;

export const artists = graphql`
  query musicArtistsQuery {
    artists {
      id
      name
    }
  }
`;

export const labels = graphql`
  query musicLabelsQuery {
    labels {
      id
      name
    }
  }
`;
